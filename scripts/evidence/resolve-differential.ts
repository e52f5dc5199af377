/**
 * Evidence for docs/decisions/0005: what we choose for another Python is what that Python's own pip chooses, and it is
 * complete. `npx tsx scripts/evidence/resolve-differential.ts [--sets NAME,…] [--pythons 2.7,…] [--host COMMAND]
 * [--host-markers]`; exits with 1 when a set is incomplete, or differs in a way that `EXPLAINED` does not know.
 *
 * `--host-markers` evaluates the markers for this machine, as pip does by itself: what that costs.
 */
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { findPython } from '../../test/support/python.ts';
import { nativePython, PYTHONS } from '../../test/differential/native-python.ts';
import { REQUIREMENT_SETS } from '../../test/differential/requirement-sets.ts';
import { explanationOf, judgePair, type Judgement } from './differential-pair.ts';

const { values } = parseArgs({
  options: {
    sets: { type: 'string' },
    pythons: { type: 'string' },
    host: { type: 'string' },
    'host-markers': { type: 'boolean', default: false },
  },
});
const wanted = values.sets?.split(',');
const sets = REQUIREMENT_SETS.filter(({ name }) => wanted === undefined || wanted.includes(name));
const versions = values.pythons?.split(',') ?? PYTHONS;
const absent = versions.filter((version) => findPython(version) === undefined);
const pythons = new Map<string, Awaited<ReturnType<typeof nativePython>>>();
for (const version of versions) if (!absent.includes(version)) pythons.set(version, await nativePython(version));

// pip is one busy process, and the machine may have better things to do
const limit = pLimit(2);
const options = { host: values.host, hostMarkers: values['host-markers'] };
const pairs = sets.flatMap((set) => [...pythons].map(([version, python]) => ({ set, version, python })));
const judgements = await Promise.all(
  pairs.map((pair) =>
    limit(async () => {
      const judgement = await judgePair(pair.set, pair.version, pair.python, options);
      tellDifference(judgement);
      return judgement;
    }),
  ),
);
printTable();
printCounts();

/** One line for each thing that differs, when it is found: a whole run takes a while. */
function tellDifference(judgement: Judgement): void {
  const { set, version, verdict, comparison, incomplete } = judgement;
  if (incomplete !== null) console.log(`${set} on ${version}: INCOMPLETE, ${incomplete}`);
  if (verdict === 'equal') return;
  console.log(`${set} on ${version}: ${verdict} (${explanationOf(judgement) ?? 'NOT EXPLAINED'})`);
  if (comparison.onlyNatively.length > 0) console.log(`    natively  ${comparison.onlyNatively.join(' ')}`);
  if (comparison.onlyOurs.length > 0) console.log(`    ours      ${comparison.onlyOurs.join(' ')}`);
  for (const [side, failure] of Object.entries(judgement.failures)) {
    console.log(`    ${side} fails: ${failure.replaceAll('\n', '\n        ')}`);
  }
}

function printTable(): void {
  const marks = {
    equal: '=',
    'both fail': '-',
    'only ours': '+',
    'other files': '≈',
    different: '≠',
    'only natively': '!',
  };
  const width = Math.max(...sets.map(({ name }) => name.length));
  console.log(`\n${' '.repeat(width)}  ${[...pythons.keys()].map((version) => version.padEnd(4)).join('  ')}`);
  for (const { name } of sets) {
    const row = judgements.filter(({ set }) => set === name);
    const cells = row.map(({ verdict, incomplete }) => (marks[verdict] + (incomplete === null ? '' : '?')).padEnd(4));
    console.log(`${name.padEnd(width)}  ${cells.join('  ')}`);
  }
  console.log(
    `\n${Object.entries(marks)
      .map(([verdict, mark]) => `${mark} ${verdict}`)
      .join('   ')}   ? incomplete`,
  );
}

function printCounts(): void {
  const count = (holds: (judgement: Judgement) => boolean): number => judgements.filter(holds).length;
  const answered = count(({ verdict }) => verdict !== 'both fail' && verdict !== 'only ours');
  const incomplete = count((judgement) => judgement.incomplete !== null);
  const unexplained = count((judgement) => judgement.verdict !== 'equal' && explanationOf(judgement) === null);
  console.log(`
${judgements.length} pairs of ${sets.length} sets and ${pythons.size} Pythons${absent.length > 0 ? ` (not on this machine: ${absent.join(', ')})` : ''}
${answered} of them natively resolved, ${count(({ verdict }) => verdict === 'equal')} the same by us
${count(({ verdict }) => verdict === 'both fail')} that neither resolves, ${count(({ verdict }) => verdict === 'only ours')} that only we do
${count(({ proven }) => proven)} of ours installed and checked by the target's own Python, ${incomplete} incomplete
${unexplained} not explained`);
  if (incomplete + unexplained > 0) process.exitCode = 1;
}
