output "instance_id" {
  description = "Target of `aws ssm start-session`."
  value       = aws_instance.host.id
}

output "security_group_id" {
  description = "The host's group, for the brokers to let in."
  value       = aws_security_group.host.id
}
