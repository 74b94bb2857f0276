variable "prefix" {
  description = "Begins the name of everything made here."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix is 2 to 24 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "cidr_block" {
  description = "The VPC's IPv4 range; each of the six subnets takes a sixteenth of it."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr_block, 4, 15)) && try(tonumber(split("/", var.cidr_block)[1]) <= 22, false)
    error_message = "cidr_block is an IPv4 range of /22 or wider."
  }
}

variable "nat" {
  description = "NAT gateways: none, single (all zones depend on one zone) or per-zone. Nothing here needs one: AWS is reached by endpoints."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "single", "per-zone"], var.nat)
    error_message = "nat is none, single or per-zone."
  }
}

variable "interface_endpoints" {
  description = "AWS services that get an interface endpoint, by the last part of the endpoint service's name."
  type        = set(string)
  default     = ["ecr.api", "ecr.dkr", "glue", "logs", "secretsmanager", "sts"]

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9.-]+$", service))])
    error_message = "interface_endpoints are endpoint service names such as ecr.api."
  }
}

variable "endpoint_zones" {
  description = "Zones in which each interface endpoint has an address: it is paid for by the hour and zone. 1 costs least, 3 survives the loss of a zone."
  type        = number
  default     = 3

  validation {
    condition     = contains([1, 2, 3], var.endpoint_zones)
    error_message = "endpoint_zones is 1, 2 or 3."
  }
}

variable "flow_log_retention_days" {
  description = "Days that accepted and rejected connections stay in the log."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.flow_log_retention_days)
    error_message = "flow_log_retention_days is one of the periods that CloudWatch Logs offers."
  }
}
