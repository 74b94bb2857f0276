# Looks up the infra stack's resources by name. No state is shared, so read access to them is enough to plan this stack.

data "aws_caller_identity" "current" {}

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

data "aws_ecr_repository" "orders" {
  name = "${var.prefix}/orders"
}

locals {
  name = "${var.prefix}-cdc"

  network = {
    vpc_id                      = data.aws_vpc.this.id
    subnet_ids                  = data.aws_subnets.private.ids
    endpoints_security_group_id = data.aws_security_group.endpoints.id
  }

  kafka = {
    cluster_arn              = data.aws_msk_cluster.this.arn
    bootstrap_servers        = data.aws_msk_cluster.this.bootstrap_brokers_sasl_iam
    client_security_group_id = data.aws_security_group.kafka_clients.id
  }
}
