import {
  Autocomplete,
  Button,
  Checkbox,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import type { PolicySchema } from '#api/access-use.ts';
import { useState } from 'react';
import { CodeBlock } from '../../../components/code-block.tsx';
import { EMPTY_FORM, missingIn, type PolicyForm as Form, writePolicy } from './form-policy.ts';

const ANY = 'Any';

/** The common case without knowing Cedar: it writes what a person would have written. */
export function PolicyForm(props: { schema: PolicySchema; onAdd: (resource: string, text: string) => void }) {
  const { schema, onAdd } = props;
  const [form, setForm] = useState<Form>(EMPTY_FORM);
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }));
  const missing = missingIn(form);
  const error = (field: keyof Form) => (tried ? missing[field] : undefined);
  const privileged = schema.resources.find(({ name }) => name === form.resource)?.privileged === true;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(missing).length === 0) onAdd(form.resource, writePolicy(form));
      }}
    >
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Who"
            description="By id, which stays when a name changes hands."
            required
            searchable
            data={subjects(schema)}
            value={form.principalId === '' ? null : `${form.principalType}::${form.principalId}`}
            error={error('principalId')}
            onChange={(value) => set(readSubject(value))}
          />
          <Select
            label="May have"
            description="A resource of vouchgate.yaml."
            required
            searchable
            data={schema.resources.map(({ name }) => name)}
            value={form.resource === '' ? null : form.resource}
            error={error('resource')}
            onChange={(value) => set({ resource: value ?? '' })}
          />
          <ConditionField
            label="On the ref"
            description="As git writes it; refs/tags/* is a pattern."
            path="principal.ref.full"
            schema={schema}
            value={form.ref}
            onChange={(ref) => set({ ref })}
          />
          <ConditionField
            label="In the environment"
            description="The deployment environment that the job names."
            path="principal.environment.name"
            schema={schema}
            value={form.environment}
            onChange={(environment) => set({ environment })}
          />
          <ConditionField
            label="Started by"
            description="In the words of the platform: push, schedule…"
            path="principal.trigger"
            schema={schema}
            value={form.trigger}
            onChange={(trigger) => set({ trigger })}
          />
          <TextInput
            label="Name of the policy"
            description="Decisions and the record name it."
            required
            maxLength={100}
            value={form.id}
            error={error('id')}
            onChange={(event) => set({ id: event.currentTarget.value })}
          />
        </SimpleGrid>
        <Stack gap="xs">
          <Checkbox
            label="Never for the code of a fork"
            checked={form.noForks}
            onChange={(event) => set({ noForks: event.currentTarget.checked })}
          />
          <Checkbox
            label="Only to a job that proves a key (vouchgate run and the action do)"
            checked={form.keyBound}
            onChange={(event) => set({ keyBound: event.currentTarget.checked })}
          />
          {schema.postureConfigured ? (
            <Checkbox
              label="Only from a pipeline that passes inspection"
              checked={form.posture}
              onChange={(event) => set({ posture: event.currentTarget.checked })}
            />
          ) : null}
        </Stack>
        {privileged && form.ref === '' && form.environment === '' && form.trigger === '' ? (
          <Text fz="sm" c="dimmed">
            This resource is privileged: name a ref, an environment or a trigger, or the linter refuses it.
          </Text>
        ) : null}
        <TextInput
          label="Comment"
          description="For the next reader."
          maxLength={120}
          value={form.comment}
          onChange={(event) => set({ comment: event.currentTarget.value })}
        />
        <CodeBlock title="What it writes" code={writePolicy(form)} wrap />
        <Group justify="flex-end">
          <Button type="submit">Add to the files</Button>
        </Group>
      </Stack>
    </form>
  );
}

function ConditionField(props: {
  label: string;
  description?: string;
  path: string;
  schema: PolicySchema;
  value: string;
  onChange: (value: string) => void;
}) {
  const { label, description, path, schema, value, onChange } = props;
  const seen = schema.attributes.find((attribute) => attribute.path === path)?.values ?? [];
  return (
    <Autocomplete
      label={label}
      {...(description === undefined ? {} : { description })}
      placeholder={ANY}
      data={[...new Set(seen)]}
      value={value}
      maxLength={300}
      onChange={onChange}
    />
  );
}

function subjects({ projects, orgs, identityProviders }: PolicySchema) {
  return [
    {
      group: 'Repositories that were seen',
      items: projects.map(({ id, path }) => ({
        value: `Project::${id}`,
        label: path === null ? id : `${path} (${id})`,
      })),
    },
    {
      group: 'Organisations',
      items: orgs.map(({ id, name }) => ({
        value: `Org::${id}`,
        label: name === null ? id : `${name} (${id})`,
      })),
    },
    {
      group: 'Everybody of a platform',
      items: identityProviders.map((name) => ({ value: `IdentityProvider::${name}`, label: name })),
    },
  ].filter(({ items }) => items.length > 0);
}

function readSubject(value: string | null): Pick<Form, 'principalType' | 'principalId'> {
  const [type = '', id = ''] = (value ?? '').split(/::(.*)/s);
  const principalType = type === 'Org' || type === 'IdentityProvider' ? type : 'Project';
  return { principalType, principalId: id };
}
