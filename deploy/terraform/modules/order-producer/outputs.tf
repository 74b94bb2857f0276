output "service_name" {
  description = "The service."
  value       = module.service.service_name
}

output "url" {
  description = "Where orders are posted, from inside the VPC."
  value       = "https://${var.domain_name}"
}

output "load_balancer" {
  description = "Load balancer and target group, as CloudWatch names them."
  value = {
    arn_suffix              = aws_lb.this.arn_suffix
    target_group_arn_suffix = aws_lb_target_group.this.arn_suffix
  }
}

output "load_balancer_security_group_id" {
  description = "Guards the load balancer."
  value       = aws_security_group.load_balancer.id
}

output "log_group" {
  description = "The service's log."
  value       = module.task.log_group
}

output "container" {
  description = "The container definition as it is registered."
  value       = module.task.container
}

output "policy_json" {
  description = "What the code may call."
  value       = data.aws_iam_policy_document.task.json
}
