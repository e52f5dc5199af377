import { describe, expect, test } from 'vitest';
import { normaliseName, parseWheelName } from '../../src/wheel/wheel-name.ts';

test('compressed tag sets and the build tag are taken apart', () => {
  expect(parseWheelName('numpy-1.16.6-1rhel7-py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl')).toEqual({
    fileName: 'numpy-1.16.6-1rhel7-py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    distribution: 'numpy',
    version: '1.16.6',
    build: '1rhel7',
    pythonTags: ['py2', 'py3'],
    abiTags: ['none'],
    platformTags: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
  });
});

test.each([
  ['ruamel.yaml-0.17.21-cp37-cp37m-win32.whl', 'ruamel.yaml', '0.17.21'],
  ['torch-2.0.0+cu118-cp311-cp311-linux_x86_64.whl', 'torch', '2.0.0+cu118'],
  ['pytz-2004d-py2.py3-none-any.whl', 'pytz', '2004d'],
  ['epoch-1!2.0-py3-none-any.whl', 'epoch', '1!2.0'],
])('%s', (fileName, distribution, version) => {
  expect(parseWheelName(fileName)).toMatchObject({ fileName, distribution, version, build: undefined });
});

describe('WHEEL_FILE_NAME', () => {
  test.each([
    'numpy-1.0.tar.gz',
    'numpy-1.0-py3-none-any.zip',
    'numpy-1.0-py3-none.whl',
    'numpy-1.0-1-2-py3-none-any.whl',
    'numpy-1.0-build-py3-none-any.whl',
    '-1.0-py3-none-any.whl',
    'numpy--py3-none-any.whl',
    'numpy-1.0-py3--any.whl',
    '../numpy-1.0-py3-none-any.whl',
    'numpy-1.0-py3-none-any.whl\n',
    'nu mpy-1.0-py3-none-any.whl',
  ])('%j', (fileName) => {
    expect(() => parseWheelName(fileName)).toThrow(
      expect.objectContaining({ code: 'WHEEL_FILE_NAME', message: expect.stringContaining(JSON.stringify(fileName)) }),
    );
  });
});

test('names are compared as the index does (PEP 503)', () => {
  expect(['Ruamel.YAML', 'ruamel_yaml', 'ruamel-.-yaml'].map(normaliseName)).toEqual(Array(3).fill('ruamel-yaml'));
});
