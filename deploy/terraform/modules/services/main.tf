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
  service = {
    cluster_name       = aws_ecs_cluster_capacity_providers.this.cluster_name
    log_retention_days = var.log_retention_days
    execute_command    = var.execute_command
    start_after        = [module.topics.created_by]
  }
}

module "topics" {
  source = "../topics"

  name               = "${var.prefix}-topics"
  network            = local.network
  kafka              = local.kafka
  cluster_name       = aws_ecs_cluster_capacity_providers.this.cluster_name
  image              = local.image["orders"]
  log_retention_days = var.log_retention_days
}

module "order_producer" {
  source = "../order-producer"

  name                = "${var.prefix}-order-producer"
  network             = local.network
  kafka               = local.kafka
  service             = merge(var.producer, local.service, { image = local.image["order-producer"] })
  metrics             = local.metrics
  registry_name       = var.registry_name
  topic               = module.topics.topic
  domain_name         = var.domain_name
  hosted_zone_id      = var.hosted_zone_id
  client_cidr_blocks  = [data.aws_vpc.this.cidr_block]
  deletion_protection = var.deletion_protection
}

module "order_consumer" {
  source = "../order-consumer"

  name              = "${var.prefix}-order-consumer"
  network           = local.network
  kafka             = local.kafka
  service           = merge(var.consumer, local.service, { image = local.image["order-consumer"] })
  spot_weight       = var.consumer.spot_weight
  metrics           = local.metrics
  registry_name     = var.registry_name
  topics            = [module.topics.topic]
  dead_letter_topic = module.topics.dead_letter_topic
  partitions        = module.topics.partitions
  sinks             = var.sinks
  assume_roles      = var.assume_roles
}

module "order_generator" {
  source = "../order-generator"

  name                            = "${var.prefix}-order-generator"
  network                         = local.network
  load_balancer_security_group_id = module.order_producer.load_balancer_security_group_id
  cluster_arn                     = aws_ecs_cluster.this.arn
  image                           = local.image["orders"]
  url                             = module.order_producer.url
  to_enable_trigger               = var.to_enable_trigger
  log_retention_days              = var.log_retention_days
}

module "alarms" {
  source = "../alarms"

  prefix        = var.prefix
  alerts_file   = "${var.rules_directory}/alerts.yml"
  topic_arns    = { for severity, topic in data.aws_sns_topic.this : severity => topic.arn }
  load_balancer = module.order_producer.load_balancer

  consumer = {
    cluster_name = aws_ecs_cluster.this.name
    service_name = module.order_consumer.service_name
    group_id     = module.order_consumer.group_id
    hold_seconds = module.order_consumer.hold_seconds
  }

  kafka = {
    cluster_name      = data.aws_msk_cluster.this.cluster_name
    topic             = module.topics.topic
    dead_letter_topic = module.topics.dead_letter_topic
  }
}
