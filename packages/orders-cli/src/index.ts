export type { Terminal } from './command.ts';
export { createOrderGenerator, type GeneratedOrder } from './order-generator.ts';
export { ordersCommand } from './orders-command.ts';
