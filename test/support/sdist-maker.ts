import type { IndexFile } from './local-index.ts';
import { makeTarGz } from './tar-maker.ts';

/** A build system that needs nothing from an index (PEP 517): it runs a program, then writes the wheel that `spec` describes. */
const BACKEND = `
import json, os, subprocess, sys, zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None):
    spec = json.load(open('spec.json'))
    exec(spec['program'], dict(globals(), spec=spec, settings=config_settings or {}))
    stem = '%(name)s-%(version)s' % spec
    info = stem + '.dist-info/'
    lines = ['Metadata-Version: 2.1', 'Name: %(name)s' % spec, 'Version: %(version)s' % spec, *spec['metadata']]
    files = dict(spec['files'])
    files[info + 'METADATA'] = '\\n'.join(lines + ['Requires-Dist: ' + text for text in spec['requires']]) + '\\n'
    tags = ['Tag: ' + python + '-' + spec['tag'].split('-', 1)[1] for python in spec['tag'].split('-')[0].split('.')]
    files[info + 'WHEEL'] = '\\n'.join(['Wheel-Version: 1.0', 'Generator: ' + spec['generator'], 'Root-Is-Purelib: false', *tags]) + '\\n'
    record = ''.join('%s,,\\n' % name for name in files) + info + 'RECORD,,\\n'
    name = '%s-%s.whl' % (stem, spec['tag'])
    with zipfile.ZipFile(os.path.join(directory, name), 'w') as wheel:
        for path, content in [*files.items(), (info + 'RECORD', record)]:
            wheel.writestr(zipfile.ZipInfo(path), content)
    return name
`;

export interface SdistOptions {
  /** As in the file name, `risk_app`. */
  readonly name: string;
  readonly version: string;
  /** Of the wheel that is built; `py3-none-any` by default. */
  readonly tag?: string;
  /** Requires-Dist of the wheel, as written. */
  readonly requires?: readonly string[];
  /** Further lines of its METADATA: `Requires-Python: >=3.8`. */
  readonly metadata?: readonly string[];
  /** Files of the wheel. */
  readonly files?: Readonly<Record<string, string>>;
  /** Generator in its WHEEL. */
  readonly generator?: string;
  /** Python that the build runs; it may change `spec`, read `settings`, `os`, `subprocess` and `sys`, and raise. */
  readonly program?: string;
  /** What the build needs, as written. */
  readonly buildRequires?: readonly string[];
  /** Files of the sdist in place of all of this. */
  readonly sources?: Readonly<Record<string, string>>;
  /** As a page of an index says it. */
  readonly requiresPython?: string;
}

/** A source distribution as an index serves it. */
export function indexSdist(options: SdistOptions): IndexFile {
  const { name, version, requiresPython } = options;
  const spec = {
    name,
    version,
    tag: options.tag ?? 'py3-none-any',
    requires: options.requires ?? [],
    metadata: options.metadata ?? [],
    files: options.files ?? { [`${name}.py`]: '' },
    generator: options.generator ?? 'test',
    program: options.program ?? '',
  };
  const buildRequires = JSON.stringify(options.buildRequires ?? []);
  const sources = options.sources ?? {
    'PKG-INFO': `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    'pyproject.toml': `[build-system]\nrequires = ${buildRequires}\nbuild-backend = "backend"\nbackend-path = ["."]\n`,
    'backend.py': BACKEND,
    'spec.json': JSON.stringify(spec),
  };
  const stem = `${name}-${version}`;
  const files = Object.fromEntries(Object.entries(sources).map(([path, text]) => [`${stem}/${path}`, text]));
  return {
    fileName: `${stem}.tar.gz`,
    content: makeTarGz(files),
    ...(requiresPython === undefined ? {} : { requiresPython }),
  };
}

/** A source distribution of version 1.0 with a setup.py: `more` are further arguments of `setup()`. */
export function setuptoolsSdist(name: string, more: string): IndexFile {
  const setup = `from setuptools import setup, Extension\nsetup(name="${name}", version="1.0", py_modules=["${name}"], ${more})\n`;
  return indexSdist({ name, version: '1.0', sources: { 'setup.py': setup, [`${name}.py`]: '', 'fast.c': '' } });
}
