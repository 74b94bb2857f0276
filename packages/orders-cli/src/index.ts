export { EXIT, type Terminal, UsageError } from './command-line.ts';
export { createOrderGenerator, type GeneratedOrder } from './order-generator.ts';
export { ordersCommand } from './orders-command.ts';
