# The workers' network interfaces. No inbound rules. Outbound: TLS to AWS, the brokers by the clients' group, and what
# var.destinations names.
resource "aws_security_group" "workers" {
  #checkov:skip=CKV2_AWS_5:Attached to the connector's workers.
  name        = "${var.name}-sg"
  description = "Workers of the connector ${var.name}"
  vpc_id      = var.network.vpc_id

  tags = { Name = "${var.name}-sg" }
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  security_group_id            = aws_security_group.workers.id
  description                  = "AWS services through interface endpoints"
  referenced_security_group_id = var.network.endpoints_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

data "aws_prefix_list" "s3" {
  name = "com.amazonaws.${local.region}.s3"
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  count = var.bucket == null ? 0 : 1

  security_group_id = aws_security_group.workers.id
  description       = "S3 through its gateway endpoint"
  prefix_list_id    = data.aws_prefix_list.s3.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "others" {
  for_each = var.destinations

  security_group_id            = aws_security_group.workers.id
  description                  = each.key
  referenced_security_group_id = each.value.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}
