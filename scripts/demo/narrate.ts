/** Milliseconds per step, in order. */
const durations: (readonly [title: string, milliseconds: number])[] = [];

/** Says what comes, does it, and says how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  console.log(`\n== ${title}`);
  const start = performance.now();
  const result = await work();
  const milliseconds = performance.now() - start;
  durations.push([title, milliseconds]);
  console.log(`   ${seconds(milliseconds)}`);
  return result;
}

export function printDurations(): void {
  const width = Math.max(...durations.map(([title]) => title.length));
  for (const [title, milliseconds] of durations)
    console.log(`   ${title.padEnd(width)} ${seconds(milliseconds).padStart(8)}`);
  const total = durations.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
  console.log(`   ${'together'.padEnd(width)} ${seconds(total).padStart(8)}`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The command as one would type it; `program` may begin with settings of its environment. */
export function printCommand(program: string, args: readonly string[]): void {
  const words = args.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`));
  console.log(`   $ ${[program, ...words].join(' ')}\n`);
}

/** Indents what a program writes, as it comes. */
export function indented(write: (text: string) => void): (text: string) => void {
  let atLineStart = true;
  return (text) => {
    for (const line of text.split(/(?<=\n)/)) {
      write(atLineStart && line.trim() !== '' ? `   ${line}` : line);
      atLineStart = line.endsWith('\n');
    }
  };
}
