import { parseWheelName, type WheelName } from '../../wheel/wheel-name.ts';

/**
 * The wheel of one package that suits the target best, as pip chooses: the most specific tag first, then the higher build
 * tag (PEP 427), then the one that is listed first. Files that are no wheels, by their name, are passed over.
 *
 * @param tags all that the target loads, best first, as `cp37-cp37m-manylinux_2_17_x86_64`
 * @returns undefined when none fits
 */
export function selectWheel<File extends { readonly fileName: string }>(
  files: readonly File[],
  tags: readonly string[],
): File | undefined {
  const ranks = new Map(tags.map((tag, rank) => [tag, rank]));
  let best: { readonly file: File; readonly rank: number; readonly build: BuildTag } | undefined;
  for (const file of files) {
    const name = readWheelName(file.fileName);
    if (name === undefined) continue;
    const rank = Math.min(...tagsOf(name).map((tag) => ranks.get(tag) ?? Number.POSITIVE_INFINITY));
    if (rank === Number.POSITIVE_INFINITY) continue;
    const build = buildTag(name.build);
    if (best === undefined || rank < best.rank || (rank === best.rank && compareBuilds(build, best.build) > 0)) {
      best = { file, rank, build };
    }
  }
  return best?.file;
}

/** The parts of a wheel's file name; undefined for what is no wheel by its name. */
export function readWheelName(fileName: string): WheelName | undefined {
  try {
    return parseWheelName(fileName);
  } catch {
    return undefined;
  }
}

/** A compressed tag set stands for every combination (PEP 425). */
function tagsOf({ pythonTags, abiTags, platformTags }: WheelName): string[] {
  return pythonTags.flatMap((python) =>
    abiTags.flatMap((abi) => platformTags.map((platform) => `${python}-${abi}-${platform}`.toLowerCase())),
  );
}

type BuildTag = readonly [number: number, rest: string];

/** `2rhel7` sorts as 2, then `rhel7`; no build tag sorts first. */
function buildTag(build: string | undefined): BuildTag {
  const [, digits, rest = ''] = /^(\d+)(.*)$/.exec(build ?? '') ?? [];
  return digits === undefined ? [-1, ''] : [Number(digits), rest];
}

function compareBuilds([leftNumber, leftRest]: BuildTag, [rightNumber, rightRest]: BuildTag): number {
  if (leftNumber !== rightNumber) return leftNumber - rightNumber;
  return leftRest < rightRest ? -1 : Number(leftRest > rightRest);
}
