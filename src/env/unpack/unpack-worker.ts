import { answerUnpack } from './unpack-request.ts';
import { answerMessages } from '../workers/worker-answer.ts';

await answerMessages(answerUnpack);
