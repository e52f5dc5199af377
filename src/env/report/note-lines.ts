import { plain } from '../../wheel/quote-name.ts';
import type { LibraryNeed } from './native.ts';
import type { PathFile } from './path-files.ts';
import type { Report } from './report.ts';

/** Names in one line; all of them are in `hdfs-venv inspect`. */
const MAX_SHOWN = 5;

/** What somebody who builds should know, one line per kind, what stops a job first. */
export function noteLines(report: Report, directory: string): string[] {
  const more = `"hdfs-venv inspect ${directory}" tells more`;
  const extra = report.libraries.filter(({ origin }) => origin === 'extra');
  const unsure = report.libraries.filter(({ origin }) => origin !== 'extra');
  const [glibc] = report.glibc;
  const [machine] = report.machines;
  const [unreadable] = report.unreadable;
  const lost = report.packages.flatMap(({ name, pathFiles }) =>
    pathFiles.filter(({ kind }) => kind === 'other').map((file) => `${plain(file.path)} (${name}) ${effectOf(file)}`),
  );
  const added = report.namespaces.filter(({ init }) => init === 'added');
  const scripts = report.packages.flatMap((one) => one.scripts.map(({ name }) => plain(name)));
  return [
    ...(extra.length === 0
      ? []
      : [`No wheel brings ${listLibraries(extra)}: every node of the cluster must have it installed; ${more}.`]),
    ...(unsure.length === 0 ? [] : [`Not on every node: ${listLibraries(unsure)}; ${more}.`]),
    ...(glibc === undefined
      ? []
      : [
          `${plain(glibc.path)} of ${glibc.package} needs glibc ${glibc.needs}, the target has ${glibc.has}${such(report.glibc)}: it cannot be loaded.`,
        ]),
    ...(machine === undefined
      ? []
      : [
          `${plain(machine.path)} of ${machine.package} is for ${machine.machine}, the target is ${machine.expected}${such(report.machines)}: it cannot be loaded.`,
        ]),
    ...(unreadable === undefined
      ? []
      : [
          `${plain(unreadable.path)} of ${unreadable.package} is no whole library${such(report.unreadable)}: ${unreadable.reason}.`,
        ]),
    ...(lost.length === 0 ? [] : [`.pth files have no effect in a Spark job: ${list(lost)}.`]),
    ...(added.length === 0
      ? []
      : [
          `Python 2 needs an __init__.py in every namespace package: it was added to ${list(added.map(({ name, packages }) => `${name} (${packages.join(', ')})`))}.`,
        ]),
    ...(scripts.length === 0
      ? []
      : [
          `${count(scripts.length, 'console script is', 'console scripts are')} not installed (${list(scripts)}); ${more}.`,
        ]),
  ];
}

function listLibraries(needs: readonly LibraryNeed[]): string {
  return list(
    needs.map(({ library, neededBy }) => {
      const packages = new Set(neededBy.map((place) => place.package));
      return `${plain(library)} (${[...packages].join(', ')})`;
    }),
  );
}

function effectOf({ directories, imports, isUnread }: PathFile): string {
  if (isUnread) return 'is too large to be looked into';
  const effects = [
    ...(directories.length === 0 ? [] : [`would add ${list(directories.map(plain))} to sys.path`]),
    ...(imports.length === 0 ? [] : ['would run code at the start of Python']),
  ];
  return effects.length === 0 ? 'is empty' : effects.join(' and ');
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_SHOWN).join(', ');
  return names.length > MAX_SHOWN ? `${shown} and ${names.length - MAX_SHOWN} more` : shown;
}

function such(all: readonly unknown[]): string {
  return all.length === 1 ? '' : ` (${all.length} such files)`;
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
