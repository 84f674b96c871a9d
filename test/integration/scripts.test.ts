/** What needs the whole program: the end of a script that does not end by itself. */
import { afterAll, expect, it } from 'vitest';
import { encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { RespConnection } from '../differential/respConnection.ts';
import { type RunningServer, startEvenkeel } from '../requirements.ts';

let server: RunningServer | undefined;
afterAll(() => server?.stop());

it('SIGUSR2 ends a script that catches its errors, and the server goes on', async () => {
  server = await startEvenkeel({ arguments: ['--busy-reply-threshold', '1'] });
  const connection = await RespConnection.open(server.port);
  connection.send(encodeRequest(['EVAL', 'while true do pcall(function() while true do end end) end', 0]));
  let replies: Buffer[] = [];
  const answered = connection.receive(1).then((received) => {
    replies = received;
  });
  // The signal may come before the script does: it counts for what runs.
  const signals = setInterval(() => process.kill(server!.pid, 'SIGUSR2'), 20);
  await answered;
  clearInterval(signals);
  expect(replies[0]!.toString()).toMatch(
    /^-ERR Script killed by user with SCRIPT KILL\.\.\. script: [0-9a-f]{40}, on @user_script:1\.\r\n$/,
  );
  connection.send(encodeRequest(['EVAL', 'return 1', 0]));
  expect((await connection.receive(1))[0]!.toString()).toBe(':1\r\n');
  connection.close();
});
