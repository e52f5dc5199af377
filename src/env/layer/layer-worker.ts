import { answerMessages } from '../workers/worker-answer.ts';
import { answerWrite } from './layer-request.ts';

await answerMessages(answerWrite);
