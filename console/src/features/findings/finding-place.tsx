import type { Finding, FindingPlace } from '#api/finding.ts';
import { Stack, Text } from '@mantine/core';
import { CodeBlock } from '../../components/code-block.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { placeText } from './marks.tsx';
import { ReportLink } from './report-link.tsx';

const OTHERS_SHOWN = 20;

function PackageFacts({ part }: { part: NonNullable<FindingPlace['package']> }) {
  const { name, version, ecosystem, fixedVersions = [], dependencyPath = [] } = part;
  return (
    <KeyValues
      items={[
        ['Package', `${name}${version === undefined ? '' : ` ${version}`}`],
        ['Of', ecosystem],
        ['Mended in', fixedVersions.length === 0 ? 'no version yet' : fixedVersions.join(', ')],
        ['Comes in by', dependencyPath.length === 0 ? undefined : dependencyPath.join(' → ')],
      ]}
    />
  );
}

/** Where it is, with the text of the place where the tool shows it. */
export function FindingPlaceView({ finding }: { finding: Finding }) {
  const { place, snippet, otherPlaces, target } = finding;
  const { file, line, url, method, parameter, resource, symbol, image, host, commit } = place;
  const title = file === undefined ? 'Place' : `${file}${line === undefined ? '' : `:${line}`}`;
  return (
    <Stack gap="sm">
      {snippet === null ? null : <CodeBlock code={snippet} title={title} />}
      {place.package === undefined ? null : <PackageFacts part={place.package} />}
      <KeyValues
        items={[
          ['File', snippet !== null || file === undefined ? undefined : <Identifier value={title} />],
          ['Address', url === undefined ? undefined : <ReportLink address={url} />],
          [
            'Request',
            method === undefined && parameter === undefined ? undefined : [method, parameter].join(' '),
          ],
          ['Resource', resource === undefined ? undefined : <Identifier value={resource} />],
          ['In', symbol],
          ['Image', image],
          ['Host', host],
          ['Commit', commit === undefined ? undefined : <Identifier value={commit} />],
          ['Looked at', target === '' ? undefined : target.replaceAll(';', ', ').replaceAll('=', ' ')],
        ]}
      />
      {otherPlaces.length === 0 ? null : (
        <details>
          <summary>
            {otherPlaces.length} more {otherPlaces.length === 1 ? 'place' : 'places'} of the same finding
          </summary>
          <Stack gap={2} mt="xs">
            {otherPlaces.slice(0, OTHERS_SHOWN).map((other, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- two places may be the same
              <Text key={index} fz="sm" className="mono breakable">
                {placeText({ place: other, target })}
              </Text>
            ))}
          </Stack>
        </details>
      )}
    </Stack>
  );
}
