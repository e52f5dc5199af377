import type { Command } from 'commander';
import { Allowances, parseAllowance } from '../wheel/allowances.ts';
import { DEFAULT_LIMITS, parseLimit } from '../wheel/limits.ts';
import type { Rules } from '../wheel/rules.ts';
import { collectValues } from './run-command.ts';

/** Flags that change how strictly wheels are read. */
export interface RuleFlags {
  readonly allow?: readonly string[];
  readonly limit?: readonly string[];
}

export function addRuleOptions(command: Command): Command {
  return command
    .option(
      '--allow <code=package>',
      'take this package although a check refuses its wheel: the code is in the refusal, and is recorded; may be given several times',
      collectValues,
    )
    .option(
      '--limit <name=number>',
      'raise what a wheel may hold: entries, file-bytes, total-bytes, ratio; may be given several times',
      collectValues,
    );
}

/** @throws HdfsVenvError `WHEEL_ALLOWANCE`, `WHEEL_LIMIT_VALUE` (usage) */
export function readRules({ allow = [], limit = [] }: RuleFlags): Rules {
  return {
    limits: Object.assign({}, DEFAULT_LIMITS, ...limit.map(parseLimit)),
    allowances: new Allowances(allow.map(parseAllowance)),
  };
}
