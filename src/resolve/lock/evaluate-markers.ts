import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../../errors/mask-secrets.ts';
import type { Target } from '../../target/target.ts';
import { isLegacy } from '../pip/pinned-pip.ts';
import { type Pip, providePip, type PipOptions } from '../pip/private-pip.ts';

const EVALUATE_MARKERS = fileURLToPath(new URL('../../../bootstrap/evaluate_markers.py', import.meta.url));

/** One question about the target. */
export type MarkerQuery =
  | {
      readonly marker: string;
      /** What PEP 751's `extras` and `dependency_groups` hold; nothing when left out. */
      readonly extras?: readonly string[];
      readonly dependencyGroups?: readonly string[];
      /** Names that `extra` stands for, all at once; none when left out. `any`: every comparison with `extra` holds. */
      readonly active?: readonly string[] | 'any';
    }
  /** Versions as in Requires-Python. */
  | { readonly specifier: string };

/** Whether it holds for the target; the error when `packaging` cannot read or compare it. */
export type MarkerAnswer = boolean | { readonly error: string };

/** One answer per query, in order. */
export type EvaluateMarkers = (queries: readonly MarkerQuery[]) => Promise<readonly MarkerAnswer[]>;

const answersSchema = z.array(z.union([z.boolean(), z.object({ error: z.string() })]));

/**
 * Evaluates markers for the target with the `packaging` of the private pip: one process per call, none for no query. On a host with
 * Python 3.8 that pip is too old for PEP 751's `extras` and `dependency_groups`; markers with those are answered with an error.
 *
 * The function that is returned throws HdfsVenvError as `providePip` does; `RESOLVE_INTERRUPTED` when the signal of `options` fires;
 * and `RESOLVE_MARKERS` (other) when the process fails.
 */
export function markerEvaluator(target: Target, options: PipOptions): EvaluateMarkers {
  return async (queries) => {
    if (queries.length === 0) return [];
    const pip = await pipFor(queries, target, options);
    const result = await execa(
      options.python.path,
      // as pip itself is run: nothing of the user's beside our own pip, and UTF-8 whatever the locale says
      [...(pip.directory === null ? [] : ['-I']), '-X', 'utf8', EVALUATE_MARKERS],
      {
        input: JSON.stringify({
          pip: pip.directory,
          environment: target.markerEnvironment,
          queries: queries.map(asRequest),
        }),
        reject: false,
        ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
      },
    );
    if (result.isCanceled) {
      throw new HdfsVenvError({
        code: 'RESOLVE_INTERRUPTED',
        exit: 'interrupted',
        message: 'Interrupted while the markers of a lock were evaluated',
      });
    }
    if (result.exitCode !== 0) {
      const lastLine = maskSecrets(result.stderr).trim().split('\n').at(-1) ?? '';
      throw new HdfsVenvError({
        code: 'RESOLVE_MARKERS',
        exit: 'other',
        message: `Cannot evaluate markers with ${options.python.path}: exit code ${result.exitCode ?? result.signal ?? 'unknown'}, ${lastLine}`,
      });
    }
    return answersSchema.parse(JSON.parse(result.stdout));
  };
}

/**
 * The pip that resolves for the target, so that no second one has to be there: pip 24.0 up to Python 3.7. It is too old for PEP 751's
 * sets, which take the one for newer targets.
 */
async function pipFor(queries: readonly MarkerQuery[], target: Target, options: PipOptions): Promise<Pip> {
  const needsSets = queries.some((query) => 'marker' in query && /\b(?:extras|dependency_groups)\b/.test(query.marker));
  if (!needsSets || !isLegacy(target)) return providePip(target, options);
  return providePip({ ...target, python: '3.8' }, { ...options, index: { ...options.index, pipWheel: null } });
}

/** In the words of `evaluate_markers.py`. */
function asRequest(query: MarkerQuery): Readonly<Record<string, unknown>> {
  if ('specifier' in query) return query;
  const { marker, extras = [], dependencyGroups = [], active = [] } = query;
  return { marker, extras, dependency_groups: dependencyGroups, active: active === 'any' ? null : active };
}
