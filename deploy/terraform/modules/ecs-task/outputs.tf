output "name" {
  description = "Name of the container."
  value       = var.name
}

output "task_definition_arn" {
  description = "ARN of this revision. Known once the roles have their policies and the security group its egress rules."
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
  description = "Security group of the tasks."
  value       = aws_security_group.task.id
}

output "network" {
  description = "Network of the task: private subnets, its own security group and, with kafka, the brokers' client group."
  value = {
    subnet_ids         = var.network.subnet_ids
    security_group_ids = concat([aws_security_group.task.id], var.kafka == null ? [] : [var.kafka.client_security_group_id])
  }
}

output "task_role_arn" {
  description = "Task role: permissions of the code."
  value       = aws_iam_role.task.arn
}

output "execution_role_arn" {
  description = "Execution role: permissions of ECS to start the task."
  value       = aws_iam_role.execution.arn
}

output "log_group" {
  description = "Log group of the container's output."
  value       = aws_cloudwatch_log_group.this.name
}

output "container" {
  description = "Container definition of the service, as registered."
  value       = local.container
}

output "collector" {
  description = "Container definition of the collector; null without metrics."
  value       = one(local.collector)
}
