import { z } from 'zod';
import { completePlatformError } from './complete-platform-error.ts';
import { checkFacts, type Interpreter } from './complete-platform-facts.ts';
import { markerEnvironment } from './markers.ts';
import { targetName } from './name.ts';
import { type PlatformTag, readPlatformTag } from './platform-tag.ts';
import { platformOf } from './platform.ts';
import { completePythonVersion } from './python-version.ts';
import { abisOf, expandTag, platformsOf } from './tags.ts';
import type { Target } from './target.ts';

/**
 * A target as pex writes it (`pex3 interpreter inspect --markers --tags`) and reads it (`pex --complete-platform`): the values of
 * PEP 508's markers, and every compatible tag, best first.
 */
export interface CompletePlatform {
  readonly marker_environment: Readonly<Record<string, string>>;
  readonly compatible_tags: readonly string[];
}

/** One tag, or several compressed into one: `py2.py3-none-any`. */
const TAG = /^\w+(?:\.\w+)*-\w+(?:\.\w+)*-\w+(?:\.\w+)*$/;

/** Other keys are let through: pex writes `path` beside these two, where the interpreter is. */
const completePlatformSchema = z.object({
  // pex takes a marker that is null for one that is not there
  marker_environment: z.record(z.string(), z.string().nullable()),
  compatible_tags: z.array(z.string().regex(TAG, 'expected python-abi-platform')).min(1, 'it is empty'),
});

export function completePlatformOf(target: Target): CompletePlatform {
  return { marker_environment: target.markerEnvironment, compatible_tags: target.tags };
}

/**
 * Reads a complete platform: a target with exactly these tags and markers. Markers that are not there get the value that
 * such a system has; those that PEP 508 does not know are left out. The full version of Python is the marker
 * `python_full_version`; without it, it is the newest of what `python_version`, else the first tag, says.
 *
 * @param file for messages
 * @throws HdfsVenvError (usage) `TARGET_FILE_FORMAT`: no JSON, keys missing, nothing in it; `TARGET_FILE_FOREIGN`: not CPython on
 * Linux; `TARGET_FILE_CONTRADICTION`: tags and markers of two systems; `TARGET_PYTHON` for a Python that is not supported
 */
export function parseCompletePlatform(text: string, file: string): Target {
  const { marker_environment: given, compatible_tags: written } = readDocument(text, file);
  const markers = Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  const tags = [...new Set(written.flatMap(expandTag))];
  const platforms = platformsOf(tags);
  const { python, abi, machine }: Interpreter = checkFacts({ tags, platforms, markers }, file);
  const version = completePythonVersion(python);
  const platform = platformOf({ machine, library: newestLibrary(platforms) });
  const complete = markerEnvironment(version, platform);
  return {
    name: targetName(platform, version, abi),
    python: version.full,
    pythonGiven: python,
    profile: null,
    platforms,
    abi,
    abis: abisOf(tags),
    tags,
    implementation: 'cp',
    markerEnvironment: Object.fromEntries(
      Object.entries(complete).map(([marker, value]) => [marker, markers[marker] ?? value]),
    ),
  };
}

function readDocument(text: string, file: string): z.infer<typeof completePlatformSchema> {
  const lines = text.trim().split('\n');
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const several = lines.length > 1 && lines.every((line) => line.startsWith('{') && line.trimEnd().endsWith('}'));
    const what = text.trim() === '' ? 'it is empty' : 'it is not JSON';
    const why = several ? `it describes ${lines.length} interpreters, one in each line, expected one` : what;
    throw completePlatformError('TARGET_FILE_FORMAT', file, why, { cause });
  }
  const read = completePlatformSchema.safeParse(document);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = issue?.path.join('.') ?? '';
  // what zod says of a key that is not there speaks of undefined
  const isMissing = issue?.message.endsWith('received undefined') === true;
  const why = isMissing ? `it has no ${path}` : `${path === '' ? 'document' : path}: ${issue?.message}`;
  throw completePlatformError('TARGET_FILE_FORMAT', file, why);
}

/** Of the platform with the newest C library; null when there are no others than `linux_x86_64`. */
function newestLibrary(platforms: readonly string[]): PlatformTag['library'] {
  const libraries = platforms.flatMap((tag) => readPlatformTag(tag)?.library ?? []);
  return libraries.toSorted((one, other) => other.minor - one.minor)[0] ?? null;
}
