# Long-lived resources, which cost money even without traffic: network, brokers, registry, image repositories.

module "network" {
  source = "../../../modules/network"

  prefix = var.prefix
  # One zone and only the services in use, because each endpoint is billed per hour and zone. If that zone fails, running
  # tasks continue and no new task can start.
  endpoint_zones          = 1
  interface_endpoints     = concat(["ecr.api", "ecr.dkr", "glue", "logs"], var.metrics ? ["aps-workspaces"] : [], var.access ? ["ssm", "ssmmessages"] : [])
  flow_log_retention_days = 7
}

module "access" {
  source = "../../../modules/access"
  count  = var.access ? 1 : 0

  prefix     = var.prefix
  vpc_id     = module.network.vpc_id
  cidr_block = module.network.cidr_block
  subnet_id  = module.network.private_subnet_ids[0]
}

module "msk" {
  source = "../../../modules/msk"

  prefix = var.prefix
  vpc_id = module.network.vpc_id
  # Two brokers with two copies: two thirds of the price of three, but losing a broker can lose an acknowledged order.
  subnet_ids            = slice(module.network.private_subnet_ids, 0, 2)
  vpn_security_group_id = one(module.access[*].security_group_id)
  vpn_enabled           = var.access
  kafka_version         = var.kafka_version
  instance_type         = var.broker_instance_type
  log_retention_days    = 7
  force_destroy         = true
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

module "observability" {
  source = "../../../modules/observability"

  prefix             = var.prefix
  rules_directory    = "${path.root}/../../../../../docker/prometheus/rules"
  metrics            = var.metrics
  retention_days     = 15
  log_retention_days = 7
}

module "github_oidc" {
  source = "../../../modules/github-oidc"
  count  = var.github == null ? 0 : 1

  prefix          = var.prefix
  repository      = var.github.repository
  environment     = "dev"
  create_provider = var.github.create_provider
}
