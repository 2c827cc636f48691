import {
  Alert,
  Anchor,
  Button,
  Center,
  Divider,
  Paper,
  PasswordInput,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { KeyRound, LogIn } from 'lucide-react';
import { useState } from 'react';
import { ApiError, call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { Logo } from '../../components/logo.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { meQuery } from '../../session/me.ts';
import { returnPathOf } from './return-path.ts';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  useDocumentTitle('Sign in · Vouchgate');
  const { return: wanted } = route.useSearch();
  const options = useQuery(operationQuery('getSignInOptions', {}));
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper p="xl" w="100%" maw={420} withBorder>
        <Stack gap="lg">
          <Stack gap="xs" align="center">
            <Logo size={40} />
            <Title order={1}>Sign in to Vouchgate</Title>
          </Stack>
          <QueryView query={options} height={64}>
            {({ oidc }) => <IdentityProvider name={oidc?.name} wanted={wanted} />}
          </QueryView>
          <Divider label="or with an admin link" />
          <AdminLinkForm wanted={wanted} />
        </Stack>
      </Paper>
    </Center>
  );
}

function IdentityProvider({ name, wanted }: { name: string | undefined; wanted: string | undefined }) {
  if (name === undefined) {
    return (
      <Alert color="gray" title="No identity provider for people yet">
        Whoever runs the server configures one under <code>people.signIn</code> in vouchgate.yaml. Until then
        the admin link is the way in.
      </Alert>
    );
  }
  const query = new URLSearchParams({ return: `/console${returnPathOf(wanted)}` });
  return (
    // A navigation of the whole browser: the answer is a redirect to the identity provider.
    <Button
      component="a"
      href={`/auth/sign-in?${query.toString()}`}
      size="md"
      fullWidth
      leftSection={<LogIn size={18} aria-hidden />}
    >
      Sign in with {name}
    </Button>
  );
}

function AdminLinkForm({ wanted }: { wanted: string | undefined }) {
  const [link, setLink] = useState('');
  const router = useRouter();
  const queryClient = useQueryClient();
  const enter = useMutation({
    mutationFn: () => call('openSession', { body: { link: link.trim(), cookie: true } }),
    onSuccess: async () => {
      setLink('');
      queryClient.removeQueries({ queryKey: meQuery.queryKey });
      await router.navigate({ href: `/console${returnPathOf(wanted)}`, replace: true });
    },
  });
  const { error } = enter;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate();
      }}
    >
      <Stack gap="sm">
        <PasswordInput
          label="Admin link"
          description="The server prints it on its first start, and with vouchgate up --admin-link. It works once."
          placeholder="https://…/admin#link=vgl_…"
          autoComplete="off"
          value={link}
          onChange={(event) => setLink(event.currentTarget.value)}
          error={
            error instanceof ApiError
              ? `${error.problem?.title ?? error.message}. ${error.remedy}`
              : undefined
          }
        />
        <Button
          type="submit"
          variant="default"
          fullWidth
          loading={enter.isPending}
          disabled={link.trim() === ''}
          leftSection={<KeyRound size={16} aria-hidden />}
        >
          Sign in as the owner
        </Button>
        <Text fz="xs" c="dimmed" ta="center">
          Jobs do not sign in here: they show the token of their platform.{' '}
          <Anchor href="/v1/openapi.json" fz="xs" underline="always">
            API description
          </Anchor>
        </Text>
      </Stack>
    </form>
  );
}
