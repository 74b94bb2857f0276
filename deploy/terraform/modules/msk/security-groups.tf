# Only these can reach the brokers, on 9098 (IAM over TLS): other brokers, members of the client group and, if enabled, a VPN.

resource "aws_security_group" "brokers" {
  #checkov:skip=CKV2_AWS_5:Attached to the cluster's brokers.
  name        = "${var.prefix}-msk-sg"
  description = "Brokers"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.prefix}-msk-sg" }
}

resource "aws_security_group" "clients" {
  #checkov:skip=CKV2_AWS_5:Attached to the tasks that connect to Kafka, in another stack.
  name        = "${var.prefix}-msk-client-sg"
  description = "Holders may talk to the brokers"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.prefix}-msk-client-sg" }
}

locals {
  callers = merge(
    {
      brokers = aws_security_group.brokers.id
      clients = aws_security_group.clients.id
    },
    var.vpn_enabled ? { vpn = var.vpn_security_group_id } : {},
  )
}

resource "aws_vpc_security_group_ingress_rule" "brokers" {
  for_each = local.callers

  security_group_id            = aws_security_group.brokers.id
  description                  = "Kafka with IAM, from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
}

resource "aws_vpc_security_group_egress_rule" "brokers" {
  security_group_id            = aws_security_group.brokers.id
  description                  = "Kafka with IAM, between brokers"
  referenced_security_group_id = aws_security_group.brokers.id
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
}

resource "aws_vpc_security_group_egress_rule" "clients" {
  security_group_id            = aws_security_group.clients.id
  description                  = "Kafka with IAM"
  referenced_security_group_id = aws_security_group.brokers.id
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098
}
