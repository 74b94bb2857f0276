variable "prefix" {
  description = "Prefix of the names of all resources in this module."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix must have 2 to 24 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "vpc_id" {
  description = "Id of the subnet's VPC."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC (vpc-…)."
  }
}

variable "cidr_block" {
  description = "IPv4 range of the VPC. The host may call any address in it on 443 and 9098."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr_block, 0)) && try(tonumber(split("/", var.cidr_block)[1]) >= 8, false)
    error_message = "cidr_block must be an IPv4 range of /8 or narrower."
  }
}

variable "subnet_id" {
  description = "Private subnet that can reach the interface endpoints ssm and ssmmessages."
  type        = string

  validation {
    condition     = startswith(var.subnet_id, "subnet-")
    error_message = "subnet_id must be the id of a subnet (subnet-…)."
  }
}

variable "instance_type" {
  description = "Instance type of the host, with a Graviton processor."
  type        = string
  default     = "t4g.nano"

  validation {
    condition     = can(regex("^[a-z]+[0-9]g[a-z]*\\.", var.instance_type))
    error_message = "instance_type must be a Graviton type such as t4g.nano."
  }
}
