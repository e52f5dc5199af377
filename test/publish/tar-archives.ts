import { ContentDigester } from '../../src/digest/content-digest.ts';
import { bytesContent } from '../../src/publish/content.ts';
import type { LayerSource } from '../../src/publish/layouts/layouts.ts';
import type { PublishOptions, PublishResult } from '../../src/publish/publish.ts';
import type { Files, PublishingPlace } from './publishing-place.ts';

/** One "archive" for each top-level name: publishing does not look inside. */
export function layersOf(files: Files): LayerSource[] {
  const byName = new Map<string, string>();
  for (const [path, text] of Object.entries(files)) {
    const name = path.replace(/\W.*/, '');
    byName.set(name, `${byName.get(name) ?? 'archive '}${path}=${text};`);
  }
  return [...byName].map(([name, text]) => layer(`${name}-1.0`, text));
}

function layer(label: string, text: string): LayerSource {
  const bytes = Buffer.from(text);
  const digester = new ContentDigester();
  digester.update(bytes);
  return { label, ...digester.finish(), content: bytesContent(bytes) };
}

/** Publishes to `place` in the layout `tar`. */
export function publishTarTo(
  place: PublishingPlace,
  files: Files,
  options: Partial<PublishOptions> = {},
): Promise<PublishResult> {
  const makeLayers = (): Promise<LayerSource[]> => Promise.resolve(layersOf(files));
  return place.publish(files, { source: { layout: 'tar', makeLayers }, ...options });
}
