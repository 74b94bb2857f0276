# What costs money standing still, and outlives every release: network, brokers, registry, image repositories.

module "network" {
  source = "../../../modules/network"

  prefix = var.prefix
  # One zone, and only what the services call: each endpoint is paid for by the hour and zone. When that zone is away, running
  # tasks go on and no new one starts.
  endpoint_zones          = 1
  interface_endpoints     = ["ecr.api", "ecr.dkr", "glue", "logs"]
  flow_log_retention_days = 7
}

module "msk" {
  source = "../../../modules/msk"

  prefix = var.prefix
  vpc_id = module.network.vpc_id
  # Two brokers with two copies: two thirds of the price of three, and an order may be lost with a broker.
  subnet_ids         = slice(module.network.private_subnet_ids, 0, 2)
  kafka_version      = var.kafka_version
  instance_type      = var.broker_instance_type
  log_retention_days = 7
  force_destroy      = true
}

module "registry" {
  source = "../../../modules/glue-registry"

  registry_name    = var.registry_name
  schema_directory = "${path.root}/../../../../../schemas"
}

module "ecr" {
  source = "../../../modules/ecr"

  prefix       = var.prefix
  kept_images  = 5
  force_delete = true
}
