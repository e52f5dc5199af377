import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readAlias } from '../../src/config/alias.ts';
import { temporaryDirectories } from '../support/environment-maker.ts';

const freshDirectory = temporaryDirectories('alias');
let home: string;
beforeEach(() => {
  home = freshDirectory();
  const lines = [
    '[global]',
    'default.alias = dev',
    '# url = http://nobody',
    '',
    '[dev.alias]',
    'url = http://dev.example.invalid:50070',
    '[prod.alias]',
    'URL: https://one.example.invalid:9871/ ; https://two.example.invalid:9871',
    'user = ann  ',
    '[odd.alias]',
    'url = http://a:1;https://b:2',
    '[secret.alias]',
    'url = http://me:hush@a:1',
  ];
  writeFileSync(join(home, '.hdfscli.cfg'), lines.join('\n'));
});

describe('an alias of HdfsCLI', () => {
  test('stands for a NameNode, or for several and a user', async () => {
    const file = join(home, '.hdfscli.cfg');
    expect(await readAlias('dev:/envs/risk', { HOME: home })).toEqual({
      address: 'webhdfs://dev.example.invalid:50070/envs/risk',
      user: undefined,
      file,
    });
    expect(await readAlias('prod:/envs/risk', { HDFSCLI_CONFIG: file })).toEqual({
      address: 'swebhdfs://one.example.invalid:9871,two.example.invalid:9871/envs/risk',
      user: 'ann',
      file,
    });
  });

  test.each(['file:/store', 'file:///store', 'webhdfs://nn:9870/x', '/x', 'C:/x', 'dev:x'])(
    '%s has none',
    async (one) => {
      expect(await readAlias(one, { HOME: home })).toBeUndefined();
    },
  );

  test('that is not there is told with those that are', async () => {
    await expect(readAlias('test:/x', { HOME: home })).rejects.toMatchObject({
      code: 'CONFIG_ALIAS',
      message: expect.stringMatching(/alias test in .*\.hdfscli\.cfg: it has dev, odd, prod, secret$/),
    });
    await expect(readAlias('test:/x', { HDFSCLI_CONFIG: join(home, 'none') })).rejects.toMatchObject({
      message: expect.stringContaining('it has none'),
    });
  });

  test.each(['odd', 'secret'])('%s: a url that is none is refused, and not shown', async (alias) => {
    const error = await readAlias(`${alias}:/x`, { HOME: home }).then(String, String);
    expect(error).toMatch(/expected url = http/);
    expect(error).not.toContain('hush');
  });
});
