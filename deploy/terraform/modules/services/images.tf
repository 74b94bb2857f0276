# An image that var.images names is used. Otherwise the image that runs now is kept, which a release may have deployed. So an
# apply never undoes a release.

locals {
  images = toset(concat(["order-producer", "order-consumer", "orders"], var.metrics ? ["collector"] : []))
  kept   = setsubtract(local.images, keys(var.images))

  # Image → where it runs. `orders` has no service: the revision that Terraform registered last is used.
  runs_in = {
    order-producer = { task = "order-producer", container = "${var.prefix}-order-producer" }
    order-consumer = { task = "order-consumer", container = "${var.prefix}-order-consumer" }
    orders         = { task = "topics", container = "${var.prefix}-topics" }
    collector      = { task = "order-producer", container = "collector" }
  }

  image = {
    for name, repository in data.aws_ecr_repository.this : name => (
      contains(local.kept, name) ? data.aws_ecs_container_definition.kept[name].image : "${repository.repository_url}${var.images[name]}"
    )
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# Not the newest revision of the family, which may have been rolled back.
data "aws_ecs_service" "kept" {
  for_each = setintersection(["order-producer", "order-consumer"], [for name in local.kept : local.runs_in[name].task])

  cluster_arn  = "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:cluster/${var.prefix}"
  service_name = "${var.prefix}-${each.key}"
}

data "aws_ecs_container_definition" "kept" {
  for_each = local.kept

  task_definition = try(data.aws_ecs_service.kept[local.runs_in[each.key].task].task_definition, "${var.prefix}-${local.runs_in[each.key].task}")
  container_name  = local.runs_in[each.key].container
}
