# Amazon Linux includes the Systems Manager agent.
data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_instance" "host" {
  #checkov:skip=CKV_AWS_126:A host for developer sessions needs no detailed monitoring.
  ami                         = nonsensitive(data.aws_ssm_parameter.image.value)
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = [aws_security_group.host.id]
  iam_instance_profile        = aws_iam_instance_profile.host.name
  associate_public_ip_address = false
  ebs_optimized               = true

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    encrypted   = true
    volume_size = 8
  }

  tags = { Name = "${var.prefix}-access" }

  # A new image is used when the host is recreated, not by every apply.
  lifecycle {
    ignore_changes = [ami]
  }
}

# No inbound rules: the agent on the host connects out to Systems Manager.
resource "aws_security_group" "host" {
  name        = "${var.prefix}-access-sg"
  description = "Host for sessions into the VPC"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.prefix}-access-sg" }
}

resource "aws_vpc_security_group_egress_rule" "tls" {
  security_group_id = aws_security_group.host.id
  description       = "Endpoints and load balancers in the VPC"
  cidr_ipv4         = var.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "kafka" {
  security_group_id = aws_security_group.host.id
  description       = "Brokers in the VPC, which accept this host's security group"
  cidr_ipv4         = var.cidr_block
  ip_protocol       = "tcp"
  from_port         = 9098
  to_port           = 9098
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "session" {
  #checkov:skip=CKV_AWS_111:The session's calls do not support resources; see the comment in the statement.
  #checkov:skip=CKV_AWS_356:As above.
  statement {
    sid = "Session"
    actions = [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
    ]
    # The channel actions do not support resources, and the host registers itself before it has an ARN. The host has no other
    # permissions: developers call Kafka and AWS from it with their own credentials.
    resources = ["*"]
  }
}

resource "aws_iam_role" "host" {
  name               = "${var.prefix}-access"
  description        = "Lets the host accept sessions"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "session" {
  name   = "take-sessions"
  role   = aws_iam_role.host.name
  policy = data.aws_iam_policy_document.session.json
}

resource "aws_iam_instance_profile" "host" {
  name = "${var.prefix}-access"
  role = aws_iam_role.host.name
}
