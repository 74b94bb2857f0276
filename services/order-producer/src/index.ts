export { serverOptions } from './application.ts';
export { orderKey } from './order-encoder.ts';
export { orderReceiptSchema, orderRequestSchema } from './order-request.ts';
