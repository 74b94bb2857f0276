# What costs money standing still, and outlives every release: network, brokers, registry, image repositories.

module "network" {
  source = "../../../modules/network"

  prefix = var.prefix
  # Every zone can do without the others.
  endpoint_zones          = 3
  flow_log_retention_days = 90
}

module "msk" {
  source = "../../../modules/msk"

  prefix             = var.prefix
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.private_subnet_ids
  kafka_version      = var.kafka_version
  instance_type      = var.broker_instance_type
  volume_gib         = 100
  max_volume_gib     = var.max_volume_gib
  log_retention_days = 30
}

module "registry" {
  source = "../../../modules/glue-registry"

  registry_name    = var.registry_name
  schema_directory = "${path.root}/../../../../../schemas"
}

module "ecr" {
  source = "../../../modules/ecr"

  prefix = var.prefix
}
