output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "cidr_block" {
  description = "IPv4 range of the VPC."
  value       = var.cidr_block
}

output "public_subnet_ids" {
  description = "Ids of the subnets, one in each zone, ordered by the zone's letter."
  value       = [for letter in local.letters : aws_subnet.public[letter].id]
}

output "private_subnet_ids" {
  description = "Ids of the subnets, one in each zone, ordered by the zone's letter."
  value       = [for letter in local.letters : aws_subnet.private[letter].id]
}

output "endpoints_security_group_id" {
  description = "Security group of the interface endpoints. Tasks may reach it on 443."
  value       = aws_security_group.endpoints.id
}
