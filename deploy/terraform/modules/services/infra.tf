# Looks up the infra stack's resources by name. No state is shared, so read access to them is enough to plan this stack.

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
  for_each = local.images

  name = "${var.prefix}/${each.key}"
}

data "aws_sns_topic" "this" {
  for_each = toset(["page", "ticket"])

  name = "${var.prefix}-${each.key}"
}

data "aws_prometheus_workspaces" "this" {
  count = var.metrics ? 1 : 0

  alias_prefix = "${var.prefix}-metrics"
}

locals {
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

  metrics = one([for found in data.aws_prometheus_workspaces.this : {
    image        = local.image["collector"]
    workspace_id = one(found.workspace_ids)
  }])
}
