locals {
  port = 5432
}

# Outbound rules are not needed: the database opens no connections.
resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:Attached to the database cluster.
  name        = "${var.name}-sg"
  description = "Database ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-sg" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = var.clients

  security_group_id            = aws_security_group.this.id
  description                  = "PostgreSQL, from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}
