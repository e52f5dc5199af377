import { expect, it } from 'vitest';
import { FILE_MODE, readAll, text } from './content.ts';
import type { StoreUnderTest } from './fixture.ts';

/** What a user is told who may read and not write. */
export function describePermissions(tested: StoreUnderTest): void {
  it('tells a stranger what is missing', async (context) => {
    const openAsStranger = tested.fixture.openAsStranger;
    if (openAsStranger === undefined) return context.skip('this store has no users');
    await tested.store.makeDirectory('closed', 0o755);
    await tested.store.put('closed/file', text('x'), { mode: 0o600 });
    const stranger = openAsStranger('envs/risk');
    const denied = { code: 'STORE_PERMISSION', exit: 'permission' };
    await expect(stranger.put('closed/mine', text('x'), FILE_MODE)).rejects.toMatchObject(denied);
    await expect(stranger.put('closed/mine', text('x'), FILE_MODE)).rejects.toThrow(/bob.*WRITE.*closed.*rwxr-xr-x/);
    await expect(stranger.makeDirectory('closed/mine', 0o755)).rejects.toMatchObject(denied);
    await expect(stranger.renameFile('closed/file', 'closed/other')).rejects.toMatchObject(denied);
    await expect(stranger.delete('closed/file')).rejects.toMatchObject(denied);
    await expect(readAll(stranger, 'closed/file')).rejects.toMatchObject(denied);
    expect(await stranger.stat('closed/file')).toMatchObject({ size: 1 });
    await stranger.close();
    return undefined;
  });
}
