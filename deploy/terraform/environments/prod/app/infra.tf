# The infra stack's parts, by name. No state is shared: this stack can be planned by who may only read those.

data "aws_vpc" "this" {
  filter {
    name   = "tag:Name"
    values = [var.prefix]
  }
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.this.id]
  }

  filter {
    name   = "tag:Tier"
    values = ["private"]
  }
}

data "aws_msk_cluster" "this" {
  cluster_name = "${var.prefix}-msk-cluster"
}

data "aws_security_group" "kafka_clients" {
  vpc_id = data.aws_vpc.this.id
  name   = "${var.prefix}-msk-client-sg"
}

data "aws_security_group" "endpoints" {
  vpc_id = data.aws_vpc.this.id
  name   = "${var.prefix}-endpoints-sg"
}

data "aws_ecr_repository" "this" {
  for_each = toset(["order-producer", "order-consumer", "orders"])

  name = "${var.prefix}/${each.key}"
}
