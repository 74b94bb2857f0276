variable "prefix" {
  description = "Begins the name of everything made here."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix is 2 to 24 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "vpc_id" {
  description = "The VPC of the subnet."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id is a VPC's id."
  }
}

variable "cidr_block" {
  description = "The VPC's IPv4 range: what the host may call on 443."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr_block, 0)) && try(tonumber(split("/", var.cidr_block)[1]) >= 8, false)
    error_message = "cidr_block is an IPv4 range of /8 or narrower."
  }
}

variable "subnet_id" {
  description = "A private subnet from which the endpoints ssm and ssmmessages are reached."
  type        = string

  validation {
    condition     = startswith(var.subnet_id, "subnet-")
    error_message = "subnet_id is a subnet's id."
  }
}

variable "instance_type" {
  description = "Size of the host, with a Graviton processor."
  type        = string
  default     = "t4g.nano"

  validation {
    condition     = can(regex("^[a-z]+[0-9]g[a-z]*\\.", var.instance_type))
    error_message = "instance_type is a Graviton size such as t4g.nano."
  }
}
