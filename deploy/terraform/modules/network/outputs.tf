output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "cidr_block" {
  description = "The VPC's IPv4 range."
  value       = var.cidr_block
}

output "public_subnet_ids" {
  description = "One a zone, in the order of the zones' letters."
  value       = [for letter in local.letters : aws_subnet.public[letter].id]
}

output "private_subnet_ids" {
  description = "One a zone, in the order of the zones' letters."
  value       = [for letter in local.letters : aws_subnet.private[letter].id]
}

output "endpoints_security_group_id" {
  description = "Guards the interface endpoints; what tasks are allowed to reach on 443."
  value       = aws_security_group.endpoints.id
}
