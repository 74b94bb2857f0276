output "service_name" {
  description = "Name of the ECS service."
  value       = module.service.service_name
}

output "url" {
  description = "URL for POST /orders, reachable inside the VPC."
  value       = "https://${var.domain_name}"
}

output "load_balancer" {
  description = "Load balancer and target group, as named in CloudWatch."
  value = {
    arn_suffix              = aws_lb.this.arn_suffix
    target_group_arn_suffix = aws_lb_target_group.this.arn_suffix
  }
}

output "load_balancer_security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.load_balancer.id
}

output "log_group" {
  description = "Log group of the service."
  value       = module.task.log_group
}

output "container" {
  description = "Container definition, as registered."
  value       = module.task.container
}

output "policy_json" {
  description = "Permissions of the code."
  value       = data.aws_iam_policy_document.task.json
}
