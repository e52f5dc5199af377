import { answerUnpack } from './unpack-request.ts';
import { answerMessages } from './worker-answer.ts';

await answerMessages(answerUnpack);
