import { Button, Menu, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { CircleUserRound, LogOut, Moon, Sun } from 'lucide-react';
import { call } from '../api/client.ts';
import { useMe } from '../session/me.ts';

export function AccountMenu() {
  const me = useMe();
  const router = useRouter();
  const queryClient = useQueryClient();
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const leave = useMutation({
    mutationFn: () => call('closeSession', {}),
    onSuccess: async () => {
      queryClient.clear();
      await router.navigate({ to: '/sign-in' });
    },
  });
  const name = me.name ?? me.subject;
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<CircleUserRound size={18} aria-hidden />}
          aria-label={`Account of ${name}`}
        >
          <Text component="span" fz="sm" truncate maw={160} visibleFrom="xs">
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className="breakable">
          {me.subject} · {me.grants.map(({ role }) => role).join(', ')}
        </Menu.Label>
        <Menu.Item
          leftSection={scheme === 'dark' ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />}
          onClick={() => setColorScheme(other)}
        >
          {other === 'dark' ? 'Dark' : 'Light'} colours
        </Menu.Item>
        <Menu.Item
          leftSection={<LogOut size={16} aria-hidden />}
          onClick={() => leave.mutate()}
          disabled={leave.isPending}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
