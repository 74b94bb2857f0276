export type { Terminal } from './command-line.ts';
export { createOrderGenerator, type GeneratedOrder } from './order-generator.ts';
export { ordersCommand } from './orders-command.ts';
