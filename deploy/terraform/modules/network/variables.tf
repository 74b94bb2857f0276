variable "prefix" {
  description = "Prefix of the names of all resources in this module."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix must have 2 to 24 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "cidr_block" {
  description = "IPv4 range of the VPC. Each of the six subnets gets a sixteenth of it."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr_block, 4, 15)) && try(tonumber(split("/", var.cidr_block)[1]) <= 22, false)
    error_message = "cidr_block must be an IPv4 range of /22 or wider."
  }
}

variable "nat" {
  description = "NAT gateways: none, single (all zones depend on one zone) or per-zone. The services need none, because they reach AWS through endpoints."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "single", "per-zone"], var.nat)
    error_message = "nat must be none, single or per-zone."
  }
}

variable "interface_endpoints" {
  description = "AWS services with an interface endpoint, each as the last part of the endpoint service's name."
  type        = set(string)
  default     = ["ecr.api", "ecr.dkr", "glue", "logs", "secretsmanager", "sts"]

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9.-]+$", service))])
    error_message = "interface_endpoints must be the last parts of endpoint service names, such as ecr.api."
  }
}

variable "endpoint_zones" {
  description = "Number of zones in which each interface endpoint has an address. Endpoints are billed per hour and zone: 1 costs least, 3 survives the loss of a zone."
  type        = number
  default     = 3

  validation {
    condition     = contains([1, 2, 3], var.endpoint_zones)
    error_message = "endpoint_zones must be 1, 2 or 3."
  }
}

variable "flow_log_retention_days" {
  description = "Days that the flow log keeps accepted and rejected connections."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.flow_log_retention_days)
    error_message = "flow_log_retention_days must be a period that CloudWatch Logs offers."
  }
}
