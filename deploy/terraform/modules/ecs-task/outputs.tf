output "name" {
  description = "Name of the container."
  value       = var.name
}

output "task_definition_arn" {
  description = "This revision; known once its roles may do their part and its group lets it out."
  value       = aws_ecs_task_definition.this.arn

  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy.task,
    aws_iam_role_policy.execute_command,
    aws_iam_role_policy.metrics,
    aws_vpc_security_group_egress_rule.endpoints,
    aws_vpc_security_group_egress_rule.gateways,
  ]
}

output "security_group_id" {
  description = "The tasks' own group."
  value       = aws_security_group.task.id
}

output "network" {
  description = "Where the task runs: private subnets, its own group and, with kafka, the brokers' clients'."
  value = {
    subnet_ids         = var.network.subnet_ids
    security_group_ids = concat([aws_security_group.task.id], var.kafka == null ? [] : [var.kafka.client_security_group_id])
  }
}

output "task_role_arn" {
  description = "What the code may do."
  value       = aws_iam_role.task.arn
}

output "execution_role_arn" {
  description = "What ECS does to start the task."
  value       = aws_iam_role.execution.arn
}

output "log_group" {
  description = "Where the container's output goes."
  value       = aws_cloudwatch_log_group.this.name
}

output "container" {
  description = "The service's container definition as it is registered."
  value       = local.container
}

output "collector" {
  description = "The collector's container definition; null without metrics."
  value       = one(local.collector)
}
