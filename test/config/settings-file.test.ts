import { describe, expect, test } from 'vitest';
import { lineOfSetting, parseSettingsFile } from '../../src/config/settings-file.ts';

describe('the line of a setting', () => {
  test('is not where a text or a list of several lines only looks like it', () => {
    const source = ['user = """', 'python = 1', '"""', 'provided = [', '  "x",', ']', '  "python"="3.7"'].join('\r\n');
    expect(lineOfSetting(source, 'python', false)).toBe(7);
    expect(lineOfSetting(source, 'provided', false)).toBe(4);
  });

  test('of a pyproject.toml is in our table, not in a neighbour', () => {
    const source = '[tool.black]\npython = "3.8"\n[tool.hdfs-venv]\nuser = "a"\npython = "3.7"\n[tool.x]\nuser = 1\n';
    expect(lineOfSetting(source, 'python', true)).toBe(5);
    expect(lineOfSetting(source, 'user', true)).toBe(4);
  });

  test('is not known in an inline table or for a dotted key', () => {
    expect(lineOfSetting('[tool]\nhdfs-venv = { python = "3.7" }\n', 'python', true)).toBeNull();
    expect(lineOfSetting('tool.hdfs-venv.python = "3.7"\n', 'python', true)).toBeNull();
  });
});

describe('the settings of a pyproject.toml', () => {
  test('are those of its table, which there may be none of', () => {
    expect(parseSettingsFile('[tool.hdfs-venv]\nuser = "a"\n', true, 'pyproject.toml')).toEqual({ user: 'a' });
    expect(parseSettingsFile('[tool]\n', true, 'pyproject.toml')).toBeUndefined();
    expect(parseSettingsFile('tool = 3\n', true, 'pyproject.toml')).toBeUndefined();
  });

  test('are a table', () => {
    expect(() => parseSettingsFile('tool.hdfs-venv = ["x"]\n', true, 'pyproject.toml')).toThrow(
      expect.objectContaining({ code: 'CONFIG_TOML', message: expect.stringContaining('expected a table') }),
    );
  });
});
