import type { LibraryNeed } from '../env/report/native.ts';
import { plain } from '../wheel/quote-name.ts';
import type { PathFile } from '../env/report/path-files.ts';
import type { PackageReport, Report } from '../env/report/report.ts';
import { formatBytes, formatCount, formatTable } from './format.ts';

const MAX_LINE_CHARACTERS = 100;

/** A report for people: a table of the packages, then one section per kind of what was found. */
export function describeReport(report: Report): string {
  const sections = [
    describePackages(report.packages),
    describeScripts(report.packages),
    describePathFiles(report.packages),
    describeNamespaces(report),
    describeLibraries(report),
    describeMismatches(report),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function describePackages(packages: readonly PackageReport[]): string {
  const rows = packages.map((one) => [
    one.name,
    one.version,
    formatCount(one.fileCount),
    formatBytes(one.byteCount),
    one.glibc ?? '',
    one.tags,
    one.licence ?? '',
  ]);
  return formatTable([['PACKAGE', 'VERSION', 'FILES', 'SIZE', 'GLIBC', 'TAGS', 'LICENCE'], ...rows]);
}

function describeScripts(packages: readonly PackageReport[]): string {
  const scripts = packages.flatMap(({ name, scripts: own }) => own.map((script) => ({ ...script, package: name })));
  const [first] = scripts;
  if (first === undefined) return '';
  const rows = scripts.map(({ name, target, package: from }) => ['', plain(name), '=', plain(target), `(${from})`]);
  return [
    "Console scripts, not installed: their first line would name this machine's Python. Call what they call:",
    `  activate_env.py ENV ${plain(first.target)} [argument ...]`,
    formatTable(rows),
  ].join('\n');
}

function describePathFiles(packages: readonly PackageReport[]): string {
  const lines = packages.flatMap(({ name, pathFiles }) =>
    pathFiles.flatMap((file) => [`  ${plain(file.path)} (${name}): ${effectOf(file)}`, ...contentOf(file)]),
  );
  if (lines.length === 0) return '';
  return ['.pth files, without effect in a Spark job: Python reads them in site-packages only.', ...lines].join('\n');
}

function effectOf({ kind, directories, imports, isUnread }: PathFile): string {
  if (isUnread) return 'it is too large to be looked into';
  if (kind === 'namespace') return 'declares a namespace package, which works without it';
  if (directories.length + imports.length === 0) return 'is empty';
  const missing = directories.length === 0 ? [] : ['what it adds to sys.path must be added by your own code'];
  return [
    ...missing,
    ...(imports.length === 0 ? [] : ['the code that it runs at the start of Python is not run']),
  ].join('; ');
}

function contentOf({ kind, directories, imports }: PathFile): string[] {
  if (kind === 'namespace') return [];
  return [...directories, ...imports].map((line) => {
    const cut = line.length > MAX_LINE_CHARACTERS ? `${line.slice(0, MAX_LINE_CHARACTERS)}…` : line;
    return `    ${/^[\x20-\x7e…]*$/.test(cut) ? cut : plain(cut)}`;
  });
}

function describeNamespaces({ namespaces }: Report): string {
  if (namespaces.length === 0) return '';
  const init = {
    none: 'no __init__.py: fine from Python 3.3 on',
    added: '__init__.py added by the build, for Python 2',
    wheel: '__init__.py brought by a package',
  };
  const rows = namespaces.map((one) => ['', one.name, init[one.init], `(${one.packages.join(', ')})`]);
  return `Namespace packages\n${formatTable(rows)}`;
}

/** One section per kind, the gravest first. */
const LIBRARY_SECTIONS: readonly (readonly [LibraryNeed['origin'], (example: string) => string])[] = [
  [
    'extra',
    (example) =>
      `System libraries that no wheel brings. The cluster's administrators install the package that has them on every node
(yum provides '*/${example}' names it); or take another version, or another package, whose wheel brings them.`,
  ],
  [
    'often-absent',
    (example) =>
      `System libraries that many servers lack. "ldconfig -p | grep ${example}" on a node tells; yum provides '*/${example}' names the package.`,
  ],
  ['python', () => "Python's own library, which only a Python that was built with --enable-shared has."],
  ['driver', () => "Libraries that come with the driver of the nodes' GPUs."],
];

function describeLibraries({ libraries, packages }: Report): string {
  if (!packages.some(({ binaryCount }) => binaryCount > 0)) return '';
  if (libraries.length === 0) return 'System libraries: none but those that every Linux has.';
  return LIBRARY_SECTIONS.flatMap(([origin, title]) => {
    const needs = libraries.filter((one) => one.origin === origin);
    const [first] = needs;
    return first === undefined ? [] : [`${title(plain(first.library))}\n${formatTable(needs.flatMap(libraryRows))}`];
  }).join('\n\n');
}

/** A row per package: its first file, and how many more have the same cause. */
function libraryRows({ library, neededBy }: LibraryNeed): string[][] {
  return firstOfEach(neededBy, (one) => one.package).map(([{ package: name, path }, more]) => {
    return ['', plain(library), `(${name})`, plain(path), more];
  });
}

function describeMismatches({ glibc, machines, unreadable, comparedWith }: Report): string {
  const isTarget = comparedWith === 'target';
  const [has, is] = isTarget ? ['the target has', 'the target is'] : ["the wheel's tag says", "the wheel's tag says"];
  const rows = [
    ...firstOfEach(glibc, (one) => `${one.package} ${one.needs}`).map(([one, more]) => {
      return ['', `(${one.package})`, `needs glibc ${one.needs}, ${has} ${one.has}:`, plain(one.path), more];
    }),
    ...firstOfEach(machines, (one) => `${one.package} ${one.machine}`).map(([one, more]) => {
      return ['', `(${one.package})`, `is for ${one.machine}, ${is} ${one.expected}:`, plain(one.path), more];
    }),
    ...unreadable.map((one) => ['', `(${one.package})`, `no whole library, ${one.reason}:`, plain(one.path), '']),
  ];
  if (rows.length === 0) return '';
  const title = isTarget ? 'Files that the target cannot load' : 'Files that need more than their wheel says';
  const way =
    glibc.length === 0
      ? []
      : ['A binary runs where glibc is as new as where it was built, or newer: build it on the oldest system.'];
  return [title, formatTable(rows), ...way].join('\n');
}

/** The first of all that have the same key, with `and 3 more`. */
function firstOfEach<Item>(items: readonly Item[], keyOf: (item: Item) => string): (readonly [Item, string])[] {
  const groups = new Map<string, { first: Item; count: number }>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? { first: item, count: 0 };
    group.count += 1;
    groups.set(keyOf(item), group);
  }
  return [...groups.values()].map(({ first, count }) => {
    return [first, count === 1 ? '' : `and ${formatCount(count - 1)} more`] as const;
  });
}
