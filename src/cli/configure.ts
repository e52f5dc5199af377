import { resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { type Configuration, readConfiguration } from '../config/configuration.ts';
import { shortPath } from '../config/origin.ts';
import { isListSetting, isSettingName, type SettingName, type Settings } from '../config/settings.ts';
import { looksLikePath } from '../resolve/arguments.ts';
import type { CommandContext } from './run-command.ts';

export interface Configured extends Configuration {
  /** Of the setting `requirements`: what `build` takes as arguments. What `-r` takes is among the command's options. */
  readonly requirements: readonly string[];
}

/** What the command line says besides options with a setting's name. */
export interface Given {
  /** Arguments of the command. */
  readonly arguments?: Settings;
  /** Options that have another name than their setting: `--output` of `lock` is the setting `lock`. */
  readonly renamed?: Readonly<Record<string, SettingName>>;
}

/**
 * Completes a command's options by what variables and files say: afterwards `command.opts()` has every setting in force
 * that the command has an option for. `auto` among the layouts is decided.
 *
 * @throws HdfsVenvError see `readConfiguration`
 */
export async function configure(command: Command, context: CommandContext, given: Given = {}): Promise<Configured> {
  const settingOf = (option: Option): string => given.renamed?.[longName(option)] ?? longName(option);
  const workingDirectory = resolve('.');
  const configuration = await readConfiguration({
    flags: { ...readFlags(command, settingOf), ...requirementsOf(command, given.arguments) },
    env: context.env,
    workingDirectory,
    isPath: looksLikePath,
  });
  const { settings, files } = configuration;
  for (const file of files) context.output.note(`Settings: ${shortPath(file, workingDirectory)}`);

  const requirements = [settings.requirements ?? []].flat();
  const values: Readonly<Record<string, unknown>> = {
    ...settings,
    layout: decideLayout(settings),
    requirement: requirements.flatMap((one) => namedFile(one) ?? []),
  };
  for (const option of command.options) {
    const name = settingOf(option);
    const value = values[name];
    if (value === undefined) continue;
    const isList = name === 'requirement' || (isSettingName(name) && isListSetting(name));
    const stored = option.negate ? value !== true : isList ? [value].flat() : value;
    command.setOptionValueWithSource(option.attributeName(), stored, 'config');
  }
  return { ...configuration, requirements: requirements.filter((one) => namedFile(one) === undefined) };
}

/** `auto` means `tar`, unless the executors have no program to unpack with. */
function decideLayout(settings: Settings): 'tree' | 'tar' | undefined {
  if (settings.layout !== 'auto') return settings.layout;
  return settings['executors-have-tar'] === false ? 'tree' : 'tar';
}

function readFlags(command: Command, settingOf: (option: Option) => string): Settings {
  const flags: Record<string, unknown> = {};
  for (const option of command.options) {
    const attribute = option.attributeName();
    const name = settingOf(option);
    if (!isSettingName(name) || command.getOptionValueSource(attribute) !== 'cli') continue;
    const value: unknown = command.getOptionValue(attribute);
    flags[name] = option.negate ? value === false : value;
  }
  return flags;
}

/** Arguments and `-r` say the same thing: what is asked for. */
function requirementsOf(command: Command, { requirements = [], ...given }: Settings = {}): Settings {
  const files: unknown = command.getOptionValue('requirement');
  const named = Array.isArray(files) ? files.map((file) => `-r ${String(file)}`) : [];
  const all = [requirements, named].flat();
  return all.length === 0 ? given : { ...given, requirements: all };
}

/** `requirements.in` of `-r requirements.in`. */
function namedFile(requirement: string): string | undefined {
  return /^-r\s*(.+)$/s.exec(requirement)?.[1];
}

function longName(option: Option): string {
  return (option.long ?? '').replace(/^--/, '');
}
