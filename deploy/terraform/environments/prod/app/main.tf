# What changes with every release. Finds the infra stack's parts by name and owns none of them.

resource "aws_ecs_cluster" "this" {
  name = var.prefix

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

locals {
  image = { for name, repository in data.aws_ecr_repository.this : name => "${repository.repository_url}${var.images[name]}" }

  kafka = {
    cluster_arn              = data.aws_msk_cluster.this.arn
    bootstrap_servers        = data.aws_msk_cluster.this.bootstrap_brokers_sasl_iam
    client_security_group_id = data.aws_security_group.kafka_clients.id
  }
}

module "topics" {
  source = "../../../modules/topics"

  name                        = "${var.prefix}-topics"
  vpc_id                      = data.aws_vpc.this.id
  subnet_ids                  = data.aws_subnets.private.ids
  endpoints_security_group_id = data.aws_security_group.endpoints.id
  kafka                       = local.kafka
  cluster_name                = aws_ecs_cluster_capacity_providers.this.cluster_name
  image                       = local.image["orders"]
  log_retention_days          = 90
}

module "order_producer" {
  source = "../../../modules/order-producer"

  name                        = "${var.prefix}-order-producer"
  vpc_id                      = data.aws_vpc.this.id
  subnet_ids                  = data.aws_subnets.private.ids
  endpoints_security_group_id = data.aws_security_group.endpoints.id
  kafka                       = local.kafka
  cluster_name                = aws_ecs_cluster_capacity_providers.this.cluster_name
  image                       = local.image["order-producer"]
  registry_name               = var.registry_name
  topic                       = module.topics.topic
  domain_name                 = var.domain_name
  hosted_zone_id              = var.hosted_zone_id
  client_cidr_blocks          = [data.aws_vpc.this.cidr_block]
  min_tasks                   = 3
  max_tasks                   = 9
  deletion_protection         = var.deletion_protection
  log_retention_days          = 90
  execute_command             = var.execute_command
  start_after                 = [module.topics.created_by]
}

module "order_consumer" {
  source = "../../../modules/order-consumer"

  name                        = "${var.prefix}-order-consumer"
  vpc_id                      = data.aws_vpc.this.id
  subnet_ids                  = data.aws_subnets.private.ids
  endpoints_security_group_id = data.aws_security_group.endpoints.id
  kafka                       = local.kafka
  cluster_name                = aws_ecs_cluster_capacity_providers.this.cluster_name
  image                       = local.image["order-consumer"]
  registry_name               = var.registry_name
  topics                      = [module.topics.topic]
  dead_letter_topic           = module.topics.dead_letter_topic
  partitions                  = module.topics.partitions
  min_tasks                   = 2
  max_tasks                   = 6
  spot_weight                 = 5
  log_retention_days          = 90
  execute_command             = var.execute_command
  start_after                 = [module.topics.created_by]
}

module "order_generator" {
  source = "../../../modules/order-generator"

  name                            = "${var.prefix}-order-generator"
  vpc_id                          = data.aws_vpc.this.id
  subnet_ids                      = data.aws_subnets.private.ids
  endpoints_security_group_id     = data.aws_security_group.endpoints.id
  load_balancer_security_group_id = module.order_producer.load_balancer_security_group_id
  cluster_arn                     = aws_ecs_cluster.this.arn
  image                           = local.image["orders"]
  url                             = module.order_producer.url
  to_enable_trigger               = var.to_enable_trigger
  log_retention_days              = 90
}
