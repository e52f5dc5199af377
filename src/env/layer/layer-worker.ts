import { answerMessages } from '../workers/worker-answer.ts';
import { answerKeep } from './layer-request.ts';

await answerMessages(answerKeep);
