data "aws_region" "current" {}

data "aws_availability_zones" "available" {
  #checkov:skip=CKV_AWS_394:The first three zones by name are used. A zone that AWS adds gets a later letter.
  state = "available"

  # Local zones do not offer MSK and all endpoints.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, 3)
  # Subnets are named after the zone's last letter, which does not depend on the order of the zones.
  zone_of = { for zone in local.zones : substr(zone, -1, 1) => zone }
  letters = sort(keys(local.zone_of))

  nat_letters = {
    none     = []
    single   = slice(local.letters, 0, 1)
    per-zone = local.letters
  }[var.nat]
}

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:The flow log is in flow-log.tf. The check does not find it inside a module.
  cidr_block           = var.cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.prefix }
}

# A resource without a security group gets this one, which allows no traffic.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "public" {
  for_each = local.zone_of

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.value
  cidr_block              = cidrsubnet(var.cidr_block, 4, index(local.letters, each.key))
  map_public_ip_on_launch = false

  tags = { Name = "${var.prefix}-public-${each.key}", Tier = "public" }
}

resource "aws_subnet" "private" {
  for_each = local.zone_of

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.value
  cidr_block              = cidrsubnet(var.cidr_block, 4, 8 + index(local.letters, each.key))
  map_public_ip_on_launch = false

  tags = { Name = "${var.prefix}-private-${each.key}", Tier = "private" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = var.prefix }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.prefix}-public" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  for_each = local.zone_of

  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.prefix}-private-${each.key}" }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_eip" "nat" {
  #checkov:skip=CKV2_AWS_19:Attached to the NAT gateway with the same key, not to an instance.
  for_each = toset(local.nat_letters)

  domain = "vpc"

  tags = { Name = "${var.prefix}-nat-${each.key}" }
}

resource "aws_nat_gateway" "this" {
  for_each = toset(local.nat_letters)

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id

  tags = { Name = "${var.prefix}-${each.key}" }
}

resource "aws_route" "nat" {
  for_each = var.nat == "none" ? {} : local.zone_of

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat == "single" ? local.nat_letters[0] : each.key].id
}
